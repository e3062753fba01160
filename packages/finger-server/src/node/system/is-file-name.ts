/** Whether it names a file in a folder, and leads nowhere else. */
export function isFileName(name: string): boolean {
  return /^[^/\0]+$/.test(name) && name !== "." && name !== "..";
}
