import { finger, fingerStream } from "finger-client";
import { FingerError } from "finger-protocol";

const [target = "moshez@127.0.0.1:1079"] = process.argv.slice(2);

try {
  // The reply as a whole: what it says, whom it speaks of, and who gave it.
  const { text, users, address, timing } = await finger(target, { verbose: "auto" });
  console.log(text.trimEnd());
  console.log(`${users.length} user(s), from port ${address?.port}, in ${Math.ceil(timing.total)} ms`);

  // The same as it comes, line by line, for as long as that may take.
  for await (const lines of fingerStream(target)) process.stdout.write(lines);
} catch (error) {
  if (!FingerError.is(error)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
