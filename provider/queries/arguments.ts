/** The service that a function is asked about. */
export interface ServiceArgs {
  /** The service's id, a UUID. */
  serviceId: string;
  /**
   * The id of the organization that owns the service, a UUID. Default: stack config `clickhouse:organizationId`, then
   * environment `CLICKHOUSE_ORG_ID`, then the only organization that the key can see.
   */
  organizationId?: string | undefined;
}
