// What of an application needs the package ioredis, so that the rest does without it.
export { redisStore } from "../../redis/index.js";
