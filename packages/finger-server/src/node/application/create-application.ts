import type { Application } from "./application.js";
import type { ApplicationDescription } from "./description.js";
import type { ApplicationOptions } from "./options.js";

/**
 * Makes an application of plain data: a tree of services that answers, and sets, as the data says. It binds nothing and
 * starts nothing until it is told to; what it takes is loaded now, for who only makes a server does without.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG` with every mistake of the description, or when a plug-in cannot be loaded.
 *
 * @example
 * ```ts
 * const application = await createApplication({ store: "memory:", listen: 0, setter: "127.0.0.1:0" });
 * await application.start();
 * application.addresses().map(({ service }) => service); // ["finger", "setter"]
 * await application.stop();
 * ```
 */
export async function createApplication(
  description: ApplicationDescription,
  options: ApplicationOptions = {},
): Promise<Application> {
  const { buildApplication } = await import("./application.js");
  return buildApplication(description, options);
}
