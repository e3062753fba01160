/**
 * Whether what a server calls us would get into a line: servers have nicks that nobody could choose, such as `0AAAAAAB`. None has
 * nicks that would fill a line, or be taken for channels.
 */
export function isOneWord(text: string): boolean {
  return text.length <= LONGEST && /^[^\s\p{Cc}:*!@,#&$][^\s\p{Cc}!@,]*$/u.test(text);
}

const LONGEST = 128;
