/**
 * Gives what `work` gives at the end of a step, so that the time of an answer does not tell what was found on the way: who is hidden
 * takes as long as who is not there. It is a step unless the machine is slow, and then some.
 *
 * The clock of a step is set before the work begins: one that is set for what is left of it would go off sooner or later by
 * how long the work took, if only by parts of a millisecond, and those can be counted.
 *
 * @param ms - How long a step is, in milliseconds.
 */
export async function inSteps<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const step = pause(ms);
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  const working = work();
  working.then(end, end);
  await step;
  while (!isDone) await pause(ms);
  return working;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
