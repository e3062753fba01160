import { createFingerServer, memoryProvider } from "finger-server";

createFingerServer({ provider: memoryProvider({}) });

console.log("Nothing listens.");
setInterval(() => {}, 1 << 30);
