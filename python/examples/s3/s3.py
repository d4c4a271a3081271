"""`s3 BUCKET FILE COPY`: makes a bucket of S3 with boto3, puts a greeting into it and gets that back,
uploads `FILE`, lists what is in the bucket, and downloads the file to `COPY`.

boto3 finds the rest in the environment: `AWS_ENDPOINT_URL`, `AWS_CA_BUNDLE`, `AWS_DEFAULT_REGION`,
`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, and `AWS_DATA_PATH`, a directory with the contents of
botocore's folder `data`. The program ends with 1 and a line on standard error when something failed.
"""

import sys
from typing import TYPE_CHECKING

import httplib.urllib3

# Before anything imports botocore.
httplib.urllib3.inject()

import boto3

# boto3 imports this with the first client, when there are no files of packages any more.
import boto3.s3.inject
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError

# There are no threads.
CONFIG = TransferConfig(use_threads=False)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def exchange(s3: "S3Client", bucket: str, source: str, copy: str) -> None:
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="greeting", Body=b"hello from a component")
    print(s3.get_object(Bucket=bucket, Key="greeting")["Body"].read().decode())
    with open(source, "rb") as file:
        s3.upload_fileobj(file, bucket, "file", Config=CONFIG)
    for found in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        print(found["Key"], found["Size"])
    with open(copy, "wb") as file:
        s3.download_fileobj(bucket, "file", file, Config=CONFIG)


class Run:
    """The component's `wasi:cli/run`."""

    def run(self) -> None:
        try:
            match sys.argv[1:]:
                case [bucket, source, copy]:
                    exchange(boto3.client("s3"), bucket, source, copy)
                case _:
                    sys.exit("usage: s3 BUCKET FILE COPY")
        except (OSError, BotoCoreError, ClientError) as error:
            sys.exit(str(error))
