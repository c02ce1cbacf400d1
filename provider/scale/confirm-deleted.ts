import type { ServiceRef } from "../cloud/client";
import { getDbSource } from "../cloud/schemas";
import { ApiError, hasStatus, EndpointNotFoundError, ServiceNotAwakeError } from "../errors";
import type { Operation } from "../operation/operation";

/**
 * Whether a refused read means that the setting is really gone. A 404 alone proves nothing: a wrong address, another
 * key's organization and a gateway's mood look the same. Gone is what the same key can see to be gone: it reads the
 * organization and finds no such service, or reads the service and finds no database ClickPipe on it.
 */
export async function isConfirmedDeleted(
  operation: Operation,
  target: ServiceRef,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof EndpointNotFoundError) && !hasStatus(error, 400, 404)) return false;
  const { client } = operation;
  await operation.retry(() => client.getOrganization(target.organizationId, operation));
  try {
    await operation.retry(() => client.getService(target, operation));
  } catch (problem) {
    if (hasStatus(problem, 404)) return true;
    throw problem;
  }
  try {
    const pipes = await operation.retry(() => client.listClickPipes(target, operation));
    return pipes.every((pipe) => getDbSource(pipe) === undefined);
  } catch (problem) {
    // Asleep is not gone: a request that was refused says more than that.
    if (problem instanceof ServiceNotAwakeError && error instanceof ApiError) return false;
    throw problem;
  }
}
