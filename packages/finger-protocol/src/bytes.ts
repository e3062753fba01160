/** Writes UTF-8. */
export const ENCODER: InstanceType<typeof TextEncoder> = /* @__PURE__ */ new TextEncoder();
/** Reads UTF-8, and throws at bytes that are none. */
export const DECODER: InstanceType<typeof TextDecoder> = /* @__PURE__ */ new TextDecoder("utf-8", {
  fatal: true,
  ignoreBOM: true,
});
/** No bytes. */
export const NOTHING: Uint8Array<ArrayBuffer> = /* @__PURE__ */ new Uint8Array(0);
