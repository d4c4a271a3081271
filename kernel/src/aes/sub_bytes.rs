//! SubBytes (section 5.1.1) as a circuit: J. Boyar, R. Peralta, "A depth-16 circuit for the AES S-box", 2011.
//!
//! Signals have the paper's names. It takes bits from the highest on.

use core::arch::wasm32::{u8x16, v128, v128_and, v128_xor};

use super::planes::Planes;

/// What SubBytes adds at its end, to every byte, and the circuit here leaves out.
pub(super) const CONSTANT: v128 = u8x16(
    0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63, 0x63,
);

/// SubBytes of every byte, but for [`CONSTANT`].
#[inline(always)]
pub(super) fn sub_bytes([u7, u6, u5, u4, u3, u2, u1, u0]: Planes) -> Planes {
    // The top linear transformation.
    let y14 = v128_xor(u3, u5);
    let y13 = v128_xor(u0, u6);
    let y9 = v128_xor(u0, u3);
    let y8 = v128_xor(u0, u5);
    let t0 = v128_xor(u1, u2);
    let y1 = v128_xor(t0, u7);
    let y4 = v128_xor(y1, u3);
    let y12 = v128_xor(y13, y14);
    let y2 = v128_xor(y1, u0);
    let y5 = v128_xor(y1, u6);
    let y3 = v128_xor(y5, y8);
    let t1 = v128_xor(u4, y12);
    let y15 = v128_xor(t1, u5);
    let y20 = v128_xor(t1, u1);
    let y6 = v128_xor(y15, u7);
    let y10 = v128_xor(y15, t0);
    let y11 = v128_xor(y20, y9);
    let y7 = v128_xor(u7, y11);
    let y17 = v128_xor(y10, y11);
    let y19 = v128_xor(y10, y8);
    let y16 = v128_xor(t0, y11);
    let y21 = v128_xor(y13, y16);
    let y18 = v128_xor(u0, y16);

    // The shared non-linear middle: the inverse in the field.
    let t2 = v128_and(y12, y15);
    let t3 = v128_and(y3, y6);
    let t4 = v128_xor(t3, t2);
    let t5 = v128_and(y4, u7);
    let t6 = v128_xor(t5, t2);
    let t7 = v128_and(y13, y16);
    let t8 = v128_and(y5, y1);
    let t9 = v128_xor(t8, t7);
    let t10 = v128_and(y2, y7);
    let t11 = v128_xor(t10, t7);
    let t12 = v128_and(y9, y11);
    let t13 = v128_and(y14, y17);
    let t14 = v128_xor(t13, t12);
    let t15 = v128_and(y8, y10);
    let t16 = v128_xor(t15, t12);
    let t17 = v128_xor(t4, t14);
    let t18 = v128_xor(t6, t16);
    let t19 = v128_xor(t9, t14);
    let t20 = v128_xor(t11, t16);
    let t21 = v128_xor(t17, y20);
    let t22 = v128_xor(t18, y19);
    let t23 = v128_xor(t19, y21);
    let t24 = v128_xor(t20, y18);
    let t25 = v128_xor(t21, t22);
    let t26 = v128_and(t21, t23);
    let t27 = v128_xor(t24, t26);
    let t28 = v128_and(t25, t27);
    let t29 = v128_xor(t28, t22);
    let t30 = v128_xor(t23, t24);
    let t31 = v128_xor(t22, t26);
    let t32 = v128_and(t31, t30);
    let t33 = v128_xor(t32, t24);
    let t34 = v128_xor(t23, t33);
    let t35 = v128_xor(t27, t33);
    let t36 = v128_and(t24, t35);
    let t37 = v128_xor(t36, t34);
    let t38 = v128_xor(t27, t36);
    let t39 = v128_and(t29, t38);
    let t40 = v128_xor(t25, t39);
    let t41 = v128_xor(t40, t37);
    let t42 = v128_xor(t29, t33);
    let t43 = v128_xor(t29, t40);
    let t44 = v128_xor(t33, t37);
    let t45 = v128_xor(t42, t41);
    let z0 = v128_and(t44, y15);
    let z1 = v128_and(t37, y6);
    let z2 = v128_and(t33, u7);
    let z3 = v128_and(t43, y16);
    let z4 = v128_and(t40, y1);
    let z5 = v128_and(t29, y7);
    let z6 = v128_and(t42, y11);
    let z7 = v128_and(t45, y17);
    let z8 = v128_and(t41, y10);
    let z9 = v128_and(t44, y12);
    let z10 = v128_and(t37, y3);
    let z11 = v128_and(t33, y4);
    let z12 = v128_and(t43, y13);
    let z13 = v128_and(t40, y5);
    let z14 = v128_and(t29, y2);
    let z15 = v128_and(t42, y9);
    let z16 = v128_and(t45, y14);
    let z17 = v128_and(t41, y8);

    // The bottom linear transformation.
    let t46 = v128_xor(z15, z16);
    let t47 = v128_xor(z10, z11);
    let t48 = v128_xor(z5, z13);
    let t49 = v128_xor(z9, z10);
    let t50 = v128_xor(z2, z12);
    let t51 = v128_xor(z2, z5);
    let t52 = v128_xor(z7, z8);
    let t53 = v128_xor(z0, z3);
    let t54 = v128_xor(z6, z7);
    let t55 = v128_xor(z16, z17);
    let t56 = v128_xor(z12, t48);
    let t57 = v128_xor(t50, t53);
    let t58 = v128_xor(z4, t46);
    let t59 = v128_xor(z3, t54);
    let t60 = v128_xor(t46, t57);
    let t61 = v128_xor(z14, t57);
    let t62 = v128_xor(t52, t58);
    let t63 = v128_xor(t49, t58);
    let t64 = v128_xor(z4, t59);
    let t65 = v128_xor(t61, t62);
    let t66 = v128_xor(z1, t63);
    let s0 = v128_xor(t59, t63);
    let s6 = v128_xor(t56, t62);
    let s7 = v128_xor(t48, t60);
    let t67 = v128_xor(t64, t65);
    let s3 = v128_xor(t53, t66);
    let s4 = v128_xor(t51, t66);
    let s5 = v128_xor(t47, t65);
    let s1 = v128_xor(t64, s3);
    let s2 = v128_xor(t55, t67);

    [s7, s6, s5, s4, s3, s2, s1, s0]
}
