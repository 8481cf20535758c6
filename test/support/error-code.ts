// Which error of the catalogue something ends in.
import { VedetteError } from '../../src/base/errors.ts';

const codeIn = (error: unknown): string => {
  if (error instanceof VedetteError) return error.code;
  throw error;
};

/** The code of the error that is thrown; `no error` when there is none. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return codeIn(error);
  }
  return 'no error';
}

/** The code of the error that a promise is rejected with; `no error` when it is fulfilled. */
export const rejectionOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'no error', codeIn);
