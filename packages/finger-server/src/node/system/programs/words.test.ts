import { expect, it } from "vitest";
import { toPlainName } from "./words.js";

// What efingerd 1.6.7 gives to `nouser`, asked for each of these.
const NAMES: ReadonlyArray<readonly [name: string, given: string, why: string]> = [
  ["alice", "alice", "a name"],
  ["A.b_c-d:9", "A.b_c-d:9", "what names have in them"],
  ["a b", "a_b", "two words"],
  ["../../etc/passwd", ".._.._etc_passwd", "no way to a file"],
  ["$(id)", "__id_", "nothing for a shell"],
  [
    "a`b`c\"d'e|f<g>h&i;j*k?l[m]n{o}p~q!r#s%t^u=v+w\\x,y",
    "a_b_c_d_e_f_g_h_i_j_k_l_m_n_o_p_q_r_s_t_u_v_w_x_y",
    "nor here",
  ],
  ["é", "é", "a letter is a letter"],
  ["x".repeat(300), "x".repeat(99), "as long as a name may be"],
];

it.each(NAMES)("makes %j to %j: %s", (name, given) => {
  expect(toPlainName(name)).toBe(given);
});

it("cuts no character in two", () => {
  expect(toPlainName(`${"x".repeat(98)}𐐷`)).not.toMatch(/\p{Surrogate}/u);
});
