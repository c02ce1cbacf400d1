import { InitializationError } from "../errors";
import { describeError } from "../remedies";

/** Waits for an operation, and adds the remedy to the message of its error, because Pulumi only prints the message. */
export async function withRemedy<Result>(operation: Promise<Result>): Promise<Result> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof Error) {
      const message = describeError(error);
      // The engine prints the reasons, not the message, of a resource that was created but failed to initialize.
      Object.assign(error, { message }, error instanceof InitializationError ? { reasons: [message] } : {});
    }
    throw error;
  }
}
