//! Many instances of the component in one process, each made for one request. A host that isolates its callers does that.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use harness::bindings::HttplibPre;
use harness::component;
use harness::engine::engine;
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, PoolingAllocationConfig, ResourceLimiter, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::World;
use crate::rounds::Contenders;
use crate::servers::nginx::Site;
use crate::table::{Bound, Table, number};

const COUNT: u64 = 1000;
const SMALL: u64 = 1000;

const EACH: &str = "httplib, instance and request";
const POOLED: &str = "the same out of a pool";
const REQUEST: &str = "httplib, request alone";
const RESIDENT: &str = "resident";
const LINEAR: &str = "linear memory";

pub fn run(world: &World) -> Result<Vec<Table>> {
    let instances = Instances::new(world, &mut Config::new())?;
    let pooled = Instances::new(world, Config::new().allocation_strategy(pool()))?;
    let count = world.scale.of(COUNT);
    let rows = Contenders::new()
        .with(EACH, || instances.time_of_each(count))
        .with(POOLED, || pooled.time_of_each(count))
        .with(REQUEST, || instances.time_of_a_request(count))
        .run(world.scale.rounds)?;
    let title = format!("{} instances in turn", number(count as f64));
    let times = Table::new(title, "ms each", rows)
        .wanted_itself(POOLED, Bound::AtMost(0.3))
        .note(
            "Each is made, asked for 1 KB over http, and dropped. wasmtime allocates on demand, or out of a pool \
             that it has made ahead.",
        );
    let rows = Contenders::new()
        .with(RESIDENT, || instances.resident(count))
        .with(LINEAR, || instances.linear())
        .run(world.scale.rounds)?;
    let title = format!("{} instances at once", number(count as f64));
    let memory = Table::new(title, "KiB each", rows)
        // 0.6 MiB.
        .wanted_itself(LINEAR, Bound::AtMost(614.0))
        .note("After a request each.");
    Ok(vec![times, memory])
}

/// For one instance at a time. What it had is cleared rather than given back to the system.
fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_memories(8)
        .linear_memory_keep_resident(1 << 20)
        .table_keep_resident(1 << 16);
    pool
}

/// How they are made, and what they ask for.
struct Instances {
    engine: Engine,
    component: HttplibPre<Host>,
    port: u16,
    path: String,
}

impl Instances {
    fn new(world: &World, config: &mut Config) -> Result<Self> {
        let engine = engine(config);
        let compiled = Component::from_file(&engine, component::path())?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        let component = HttplibPre::new(linker.instantiate_pre(&compiled)?)?;
        // nginx has to have the file.
        world.nginx.url(Site::Http, SMALL)?;
        let this = Self {
            engine,
            component,
            port: world.nginx.port(Site::Http),
            path: format!("/{SMALL}"),
        };
        // The first one is slower.
        this.fetch()?;
        Ok(this)
    }

    fn instance(&self) -> Result<Instance> {
        let mut store = Store::new(&self.engine, Host::new());
        store.limiter(|host| &mut host.memory);
        let exports = self.component.instantiate(&mut store)?;
        Ok(Instance { store, exports })
    }

    /// Makes one and has it fetch a page.
    fn fetch(&self) -> Result<Instance> {
        let mut instance = self.instance()?;
        instance.fetch(self.port, &self.path)?;
        Ok(instance)
    }

    fn time_of_each(&self, count: u64) -> Result<f64> {
        let begin = Instant::now();
        for _ in 0..count {
            self.fetch()?;
        }
        Ok(begin.elapsed().as_secs_f64() * 1e3 / count as f64)
    }

    /// Of the same instance, over a connection each.
    fn time_of_a_request(&self, count: u64) -> Result<f64> {
        let mut instance = self.fetch()?;
        let begin = Instant::now();
        for _ in 0..count {
            instance.fetch(self.port, &self.path)?;
        }
        Ok(begin.elapsed().as_secs_f64() * 1e3 / count as f64)
    }

    fn resident(&self, count: u64) -> Result<f64> {
        let before = resident()?;
        let instances = (0..count)
            .map(|_| self.fetch())
            .collect::<Result<Vec<_>>>()?;
        let after = resident()?;
        drop(instances);
        Ok(after.saturating_sub(before) as f64 / count as f64)
    }

    fn linear(&self) -> Result<f64> {
        let instance = self.fetch()?;
        Ok(instance.store.data().memory.0 as f64 / 1024.0)
    }
}

/// KiB of this process that are in memory.
fn resident() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().split(' ').next());
    Ok(number.context("the system says how much it is")?.parse()?)
}

struct Instance {
    store: Store<Host>,
    exports: harness::bindings::Httplib,
}

impl Instance {
    /// The connection is closed afterwards.
    fn fetch(&mut self, port: u16, path: &str) -> Result<()> {
        let store = &mut self.store;
        let client = self.exports.httplib_http_client();
        let connections = client.http_connection();
        let connection = connections.call_http(&mut *store, "127.0.0.1", Some(port), None)?;
        let connection = connection.map_err(wrong)?;
        let sent =
            connections.call_request(&mut *store, connection, "GET", path, None, &Vec::new())?;
        sent.map_err(wrong)?;
        let response = connections.call_get_response(&mut *store, connection)?;
        let response = response.map_err(wrong)?;
        let body = client
            .http_response()
            .call_read(&mut *store, response, None)?;
        let length = body.map_err(wrong)?.len() as u64;
        ensure!(length == SMALL, "{length} bytes");
        response.resource_drop(&mut *store)?;
        Ok(connection.resource_drop(&mut *store)?)
    }
}

fn wrong(error: component::Error) -> anyhow::Error {
    anyhow::anyhow!("{error:?}")
}

struct Host {
    context: WasiCtx,
    table: ResourceTable,
    memory: Memory,
}

impl Host {
    /// With the network of loopback.
    fn new() -> Self {
        let mut context = WasiCtx::builder();
        context.allow_tcp(true).socket_addr_check(|address, _| {
            let ip = address.ip();
            Box::pin(async move { ip.is_loopback() || ip.is_unspecified() })
        });
        Self {
            context: context.build(),
            table: ResourceTable::new(),
            memory: Memory(0),
        }
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

/// How many bytes all linear memories of an instance have.
struct Memory(usize);

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.0 += desired - current;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}
