/** The text that is there, and then the others. */
export async function* prepend(first: string, rest: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  yield first;
  yield* rest;
}

/**
 * Makes `return()` of a generator end what it reads from, too. By itself a generator that was not begun ends without its
 * `finally`, and one that waits ends only when its wait is over.
 *
 * @param source - What `texts` reads from.
 * @param onReturn - Called first.
 */
export function returnAtOnce(
  texts: AsyncGenerator<string, void, undefined>,
  source: AsyncGenerator<string, void, undefined>,
  onReturn: () => void,
): AsyncGenerator<string, void, undefined> {
  const finish = texts.return.bind(texts);
  texts.return = async (value) => {
    onReturn();
    await source.return();
    return finish(value);
  };
  return texts;
}
