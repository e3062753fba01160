/**
 * What a slot is filled with.
 *
 * @typedef {object} Stock
 * @property {string} slot - The label beside its button, such as `A1`.
 * @property {string} product
 * @property {number} price - In cents.
 * @property {number} count - How many there should be; nobody but the motor knows.
 */

/** @typedef {Readonly<Stock & { isJammed: boolean }>} Slot */

/**
 * The parts that can fail.
 *
 * @typedef {object} Parts
 * @property {(slot: string) => boolean} turn - Turns the motor of a slot once, and tells whether something fell.
 * @property {(cents: number) => number} payOut - Pays so much out, and tells how much fell into the tray.
 */

/**
 * What became of a press of a button.
 *
 * @typedef {"sold" | "no-such-slot" | "sold-out" | "jammed" | "credit-too-low"} Sale
 */

/**
 * Where the money is, in cents: what went in has been sold for, or returned, or is the credit.
 *
 * @typedef {Readonly<{ inserted: number, sold: number, returned: number, credit: number }>} Account
 */

/** What the machine takes, in cents; anything else falls through into the tray. */
export const COINS = [5, 10, 20, 50, 100, 200];

/**
 * A vending machine that never eats money (RFC 1288 2.5.5). It believes its sensors and not its parts: money is taken off
 * the credit when something was seen to fall, and at no other time. In doubt the customer wins.
 *
 * @param {readonly Stock[]} stock
 * @param {Partial<Parts>} [parts] - Parts that fail, for a test. By default all work.
 */
export function createMachine(stock, { turn = () => true, payOut = (cents) => cents } = {}) {
  const slots = new Map(stock.map((item) => [item.slot, { ...item, isJammed: false }]));
  for (const item of stock) assertStock(item);
  let [inserted, sold, returned, credit] = [0, 0, 0, 0];

  return {
    /** @returns {readonly Slot[]} The slots as they are now. */
    slots: () => [...slots.values()].map((slot) => ({ ...slot })),

    /** @returns {Account} */
    account: () => ({ inserted, sold, returned, credit }),

    /**
     * Takes a coin, unless it is none of ours.
     *
     * @param {number} cents
     */
    insert(cents) {
      if (!COINS.includes(cents)) return false;
      inserted += cents;
      credit += cents;
      return true;
    },

    /**
     * Sells one of a slot, if all goes well. If not the credit is what it was.
     *
     * @param {string} label
     * @returns {Sale}
     */
    buy(label) {
      const slot = slots.get(label);
      if (slot === undefined) return "no-such-slot";
      if (slot.isJammed) return "jammed";
      if (slot.count === 0) return "sold-out";
      if (credit < slot.price) return "credit-too-low";
      slot.isJammed = !works(() => turn(label));
      if (slot.isJammed) return "jammed";
      slot.count--;
      sold += slot.price;
      credit -= slot.price;
      return "sold";
    },

    /** Pays out the credit, as far as there is change; what is left stays the customer's. */
    refund() {
      const paid = toPaid(() => payOut(credit), credit);
      returned += paid;
      credit -= paid;
      return paid;
    },
  };
}

/** @typedef {ReturnType<typeof createMachine>} Machine */

/** @param {Stock} item */
function assertStock({ slot, price, count }) {
  if (Number.isSafeInteger(price) && price > 0 && Number.isSafeInteger(count) && count >= 0) return;
  throw new RangeError(
    `The slot ${slot} must have a price from 1 cent and a count from 0, but has ${price} and ${count}.`,
  );
}

/**
 * A motor that breaks has moved nothing, as far as anybody can tell.
 *
 * @param {() => boolean} turn
 */
function works(turn) {
  try {
    return turn() === true;
  } catch {
    return false;
  }
}

/**
 * What was paid, at most what was owed; a coin return that breaks, or tells what cannot be, has paid nothing.
 *
 * @param {() => number} payOut
 * @param {number} owed
 */
function toPaid(payOut, owed) {
  try {
    const paid = payOut();
    return Number.isSafeInteger(paid) && paid >= 0 ? Math.min(paid, owed) : 0;
  } catch {
    return 0;
  }
}
