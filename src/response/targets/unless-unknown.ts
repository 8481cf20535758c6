// What is gone is an answer, not a failure.
import { VedetteError } from '../../base/errors.ts';

/** The answer, or undefined when the cloud says that there is no such thing. */
export async function unlessUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof VedetteError && (error.code === 'cloud-unknown-item' || error.code === 'machine-unknown')) return undefined;
    throw error;
  }
}
