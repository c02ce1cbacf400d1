import { type ClickPipe, getDbSource } from "./schemas";

/** Explains from its ClickPipes why a service has no scaling endpoint. Undefined if it should have one. */
export function explainMissingEndpoint(pipes: readonly ClickPipe[]): string | undefined {
  const dbPipes = pipes.filter((pipe) => getDbSource(pipe) !== undefined);
  if (dbPipes.some((pipe) => !isBeingSetUp(pipe))) return undefined;
  if (dbPipes.length > 0) {
    return `the service's ${dbPipes.length} database ClickPipe(s) are still being set up`;
  }
  const others = pipes.length === 0 ? "" : ` (${pipes.length} of other kinds)`;
  return `the service has no database ClickPipe${others}, and the endpoint exists only with one`;
}

/** Whether the pipe may be so new that the scaling endpoint doesn't exist yet. */
function isBeingSetUp(pipe: ClickPipe): boolean {
  return pipe.state === "Provisioning" || pipe.state === "Setup";
}
