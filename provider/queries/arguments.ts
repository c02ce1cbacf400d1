/**
 * A service.
 *
 * @public
 */
export interface ServiceArgs {
  /** The id of the service, a UUID. */
  serviceId: string;
  /**
   * The id of the organization that owns the service, a UUID.
   *
   * @default Stack config `clickhouse:organizationId`, else environment `CLICKHOUSE_ORG_ID`, else the only organization that the key has
   * access to.
   */
  organizationId?: string | undefined;
}
