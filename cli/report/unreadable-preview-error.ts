/** The input or an option can't be read. The message tells the user of the command why. */
export class UnreadablePreviewError extends Error {
  override readonly name = "UnreadablePreviewError";
}
