import { escapeXml } from "../text/xml-text.js";

/** What a method here returns. */
export type RpcResult = string | readonly RpcResult[];

/** Why there is no result, by the codes that Twisted's web server has. */
export interface RpcFault {
  readonly code: 8001 | 8002;
  readonly text: string;
}

/** Writes a result. */
export function formatResult(result: RpcResult): string {
  return formatResponse(`<params><param>${formatValue(result)}</param></params>`);
}

/** Writes a fault. */
export function formatFault({ code, text }: RpcFault): string {
  const number = `<member><name>faultCode</name><value><int>${code}</int></value></member>`;
  const words = `<member><name>faultString</name>${formatValue(text)}</member>`;
  return formatResponse(`<fault><value><struct>${number}${words}</struct></value></fault>`);
}

function formatResponse(content: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<methodResponse>${content}</methodResponse>\n`;
}

function formatValue(value: RpcResult): string {
  if (typeof value === "string") return `<value><string>${escapeXml(value)}</string></value>`;
  return `<value><array><data>${value.map(formatValue).join("")}</data></array></value>`;
}
