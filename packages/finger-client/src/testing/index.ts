export { byteByByte, endless, huge, slowly } from "./replies.js";
export { createScriptedServer, type Script, type ScriptedServer } from "./scripted-server.js";
export { HANG, type Pause, pause, RESET, type Reply, type Reset, type Step } from "./steps.js";
