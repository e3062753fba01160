/** Turns on standard error until it is stopped, and then nothing is left of it. */
export function startSpinner(err: (text: string) => void): () => void {
  let turn = 0;
  const show = () => err(`\r${FRAMES[turn++ % FRAMES.length]} `);
  show();
  let timer: ReturnType<typeof setInterval> | undefined = setInterval(show, 100);
  return () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    err("\r\x1b[K");
  };
}

const FRAMES = ["|", "/", "-", "\\"];
