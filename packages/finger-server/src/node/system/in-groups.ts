/** Does something with each of many, with some of them at a time, and gives what came of it that is not `undefined`. */
export async function inGroups<From, To>(
  all: readonly From[],
  room: number,
  work: (one: From) => Promise<To | undefined>,
): Promise<To[]> {
  const done: To[] = [];
  for (let start = 0; start < all.length; start += room) {
    const some = await Promise.all(all.slice(start, start + room).map(work));
    for (const one of some) if (one !== undefined) done.push(one);
  }
  return done;
}
