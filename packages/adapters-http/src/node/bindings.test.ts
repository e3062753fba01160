import { describeBinding } from "../testing/binding-contract.js";
import { BINDINGS } from "../testing/bindings.js";

for (const [name, binding] of Object.entries(BINDINGS)) describeBinding(name, binding);
