/** Whether an import failed because the module, or one that it imports, is not there. */
export function isMissingModule(error: unknown): boolean {
  const { code } = Object(error) as NodeJS.ErrnoException;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
