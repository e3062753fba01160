import { FingerError } from "finger-protocol";

/** What has gone wrong in one undertaking, none of it lost. */
export interface Faults {
  readonly add: (error: unknown) => void;
  /** The error itself when there is one; when there are several, `ERR_FINGER_SERVICE` with all of them. */
  toError(): unknown;
  /** Throws that, if there is any. */
  refuse(): void;
}

/** @param what - What failed, for several errors: the beginning of a sentence. */
export function collectFaults(what: string, first: readonly unknown[] = []): Faults {
  const errors = [...first];
  const toError = () => {
    if (errors.length === 1) return errors[0];
    const message = [`${what}, for ${errors.length} reasons:`, ...errors.map(toReason)].join("\n- ");
    return new FingerError("ERR_FINGER_SERVICE", message, { cause: new AggregateError(errors, message) });
  };
  return {
    add: (error) => void errors.push(error),
    toError,
    refuse() {
      if (errors.length > 0) throw toError();
    },
  };
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
