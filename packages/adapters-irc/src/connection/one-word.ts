/** Whether what a server calls us would get into a line: servers have nicks that nobody could choose, such as `0AAAAAAB`. */
export function isOneWord(text: string): boolean {
  return /^[^\s:*!@,][^\s!@,]*$/.test(text);
}
