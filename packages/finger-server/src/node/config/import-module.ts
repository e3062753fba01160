/**
 * Imports a module by its URL.
 *
 * The command is bundled as CommonJS, and there a bundler makes a `require` of an `import`, which knows no URLs. It leaves a text
 * alone.
 */
export async function importModule(url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await new Function("url", "return import(url)")(url);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return import(/* @vite-ignore */ url);
  }
}

/** Some have no code made of texts; and what is run by `vm`, as by test runners, has no `import` in it. */
function isForbidden(error: unknown): boolean {
  const code = String((Object(error) as NodeJS.ErrnoException).code);
  return error instanceof EvalError || code.startsWith("ERR_VM_DYNAMIC_IMPORT_CALLBACK_MISSING");
}
