import { createFormat, type LineStyle } from "./log-line.js";

/** Tells of lines that could not be written, and why, in one line with its end. */
export type DescribeLoss = (lines: number, reason: string) => string;

/**
 * Makes what describes them as a line of the log that they are missing in.
 *
 * @param now - The clock.
 *
 * @example
 * ```
 * const describeLoss = createDescribeLoss({ format: "human" });
 * describeLoss(3, "the disk is full"); // 2026-11-26T01:47:52Z error here 3 lines are missing: the disk is full  lost=3
 * ```
 */
export function createDescribeLoss(style: LineStyle, now: () => Date = () => new Date()): DescribeLoss {
  const format = createFormat(style);
  return (lost, reason) => {
    const message = `here ${lost} ${lost === 1 ? "line is" : "lines are"} missing: ${reason}`;
    return format({ time: now(), level: "error", message, fields: { lost } });
  };
}
