import { readFileSync } from "node:fs";

/**
 * Calls `onGone` when the npx that started this script through pnpm is gone. A SIGTERM ends npx and its shell without
 * reaching pnpm or us, and the orphan would go on holding its port. Only Linux tells (proc(5)).
 *
 * @param {() => void} onGone
 */
export function watchLauncher(onGone) {
  const pnpm = parentOf(process.ppid);
  const launcher = pnpm && parentOf(pnpm);
  if (!launcher || !commandOf(launcher).includes("pnpm")) return;
  const timer = setInterval(() => {
    if (parentOf(pnpm) === launcher) return;
    clearInterval(timer);
    onGone();
  }, 250);
  timer.unref();
}

/** @param {number} pid */
function parentOf(pid) {
  return Number(/^PPid:\t(\d+)/m.exec(readProc(pid, "status"))?.[1]);
}

/** @param {number} pid */
function commandOf(pid) {
  return readProc(pid, "cmdline");
}

/**
 * @param {number} pid
 * @param {string} file
 */
function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return ""; // no such process any more, or no such file system
  }
}
