import { execFileSync } from "node:child_process";
import { freshPath } from "../../support/programs.js";

/** A certificate that its owner has signed, and nobody else; paths of files. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Has openssl make one for a name. */
export function makeCertificate(host: string): Certificate {
  const [key, cert] = [freshPath(), freshPath()];
  const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=finger -days 2";
  const args = [...request.split(" "), "-addext", `subjectAltName=DNS:${host}`, "-keyout", key, "-out", cert];
  execFileSync("openssl", args, { stdio: "ignore" });
  return { key, cert };
}
