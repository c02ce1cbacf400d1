/** The initial load of a Postgres pipe that a resize met. */
export interface ResizedLoad {
  /** The id of the pipe. */
  readonly id: string;
  readonly name: string;
  /** ISO 8601: when the resize arrived, or was sent if it may still arrive. */
  readonly at: string;
  /** What the initial load had fetched when the resize arrived. Undefined if it was not published. */
  readonly loadedBytes?: number | undefined;
}
