import { type ClickPipe, getDbSource } from "./schemas";

/** Why a service has no scaling setting, from its ClickPipes; undefined where these would have one. */
export function explainMissingEndpoint(pipes: readonly ClickPipe[]): string | undefined {
  const dbPipes = pipes.filter((pipe) => getDbSource(pipe) !== undefined);
  if (dbPipes.some((pipe) => !isBeingSetUp(pipe))) return undefined;
  if (dbPipes.length > 0) {
    return `the service's ${dbPipes.length} database ClickPipe(s) are still being set up`;
  }
  const others = pipes.length === 0 ? "" : ` (${pipes.length} of other kinds)`;
  return `the service has no database ClickPipe${others}, and the setting exists only with one`;
}

/** States in which the first pipe's scaling endpoint may not exist yet. */
function isBeingSetUp(pipe: ClickPipe): boolean {
  return pipe.state === "Provisioning" || pipe.state === "Setup";
}
