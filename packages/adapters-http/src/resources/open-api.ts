import { toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import { toTaggedReply } from "../http/text-reply.js";
import { describeApi } from "../openapi/describe-api.js";
import type { Visit } from "../site/visit.js";

/** `GET /openapi.json` */
export async function getOpenApi({ site, base }: Visit): Promise<HttpReply> {
  const { title, origin, setter, gateway, events } = site;
  const canSet = setter !== undefined;
  const document = describeApi({
    title,
    base,
    origin,
    canSet,
    hasGateway: gateway !== undefined,
    hasEvents: events !== undefined,
  });
  return toTaggedReply(JSON.stringify(document), toHeaders("json"));
}
