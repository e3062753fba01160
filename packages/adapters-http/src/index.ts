// The entry for Node, and for Bun and Deno, which have its modules too.

export * from "./common.js";
export { type FingerMiddleware, finger } from "./node/connect.js";
export { type FastifyScope, type FingerPluginOptions, fingerPlugin } from "./node/fastify.js";
export {
  type HttpPlace,
  type HttpReach,
  type HttpService,
  type HttpServiceOptions,
  httpService,
} from "./node/http-service.js";
export type { NodeHandler } from "./node/to-node-handler.js";
