import { FingerError } from "finger-protocol";

/** What a `content-type` says (RFC 9110 8.3). */
export interface ContentType {
  /** In lower case, such as `text/plain`; `""` when there is none. */
  readonly type: string;
  readonly charset: string | undefined;
}

/** Reads a `content-type`; other parameters than `charset` are not looked at. */
export function parseContentType(value = ""): ContentType {
  const [type = "", ...parameters] = value.split(";").map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.toLowerCase().startsWith("charset="));
  return { type: type.toLowerCase(), charset: charset?.slice("charset=".length).replaceAll('"', "") };
}

/**
 * Decodes a text of the web.
 *
 * @throws `FingerError` `ERR_FINGER_PROVIDER` for a character set that is not known.
 */
export function decodeBody(bytes: Uint8Array, charset = "utf-8"): string {
  const decoder = createDecoder(charset);
  const text = decoder.decode(bytes);
  return decoder.encoding === "windows-1252" ? text.replace(/[\x80-\x9f]/g, toWindows1252) : text;
}

function createDecoder(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch (cause) {
    const name = JSON.stringify(charset);
    throw new FingerError("ERR_FINGER_PROVIDER", `The character set ${name} of the page is not known.`, { cause });
  }
}

/** Node 20 leaves these bytes as C1 controls: https://github.com/nodejs/node/issues/56542 */
function toWindows1252(control: string): string {
  return WINDOWS_1252[control.charCodeAt(0) - 0x80] ?? control;
}

/** 80 to 9F; what has no character there stays as it is. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";
