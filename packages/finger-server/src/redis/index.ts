// `finger-server/redis`: statuses in Redis or Valkey, for many servers at once. It needs ioredis, which the main entry does not.

export type { RedisStoreOptions } from "./options.js";
export { redisStore } from "./redis-store.js";
