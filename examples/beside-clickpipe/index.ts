import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";
import * as clickhouse from "./clickhouse"; // a stand-in for the generated package: see the README

const config = new pulumi.Config();
const serviceId = config.require("serviceId");
const endBy = config.require("endBy");

/** The pipe that copies the tables and then follows them. */
function createPipe(opts?: pulumi.CustomResourceOptions): clickhouse.Clickpipe {
  const tables = config.requireObject<string[]>("tables");
  return new clickhouse.Clickpipe(
    "orders",
    {
      name: "orders",
      serviceId,
      source: {
        postgres: {
          type: "postgres",
          host: config.require("host"),
          port: 5432,
          database: config.require("database"),
          credentials: { username: "clickpipes", password: config.requireSecret("readerPassword") },
          settings: { replicationMode: "cdc", publicationName: "clickpipes", initialLoadParallelism: 8 },
          tableMappings: tables.map((table) => {
            const [sourceSchemaName = "", sourceTable = ""] = table.split(".");
            return { sourceSchemaName, sourceTable, targetTable: `${sourceSchemaName}_${sourceTable}` };
          }),
        },
      },
      destination: { database: "default" },
    },
    opts,
  );
}

/** The size first, so that it doesn't change while the pipe loads. */
function startAhead(): CdcCompute {
  const compute = new CdcCompute("orders", {
    serviceId,
    cores: 2,
    initialLoad: { cores: 24, endBy, startAhead: true },
    maxUsdPerHour: 2.4,
  });
  createPipe({ dependsOn: compute });
  return compute;
}

/** The pipe first, because a service without a database ClickPipe has no size. The size goes with the service's only pipe. */
function startWithPipe(): CdcCompute {
  const pipe = createPipe();
  return new CdcCompute(
    "orders",
    { serviceId, cores: 2, initialLoad: { cores: 24, endBy }, maxUsdPerHour: 2.4 },
    { dependsOn: [pipe], deletedWith: pipe },
  );
}

const compute = config.requireBoolean("startAhead") ? startAhead() : startWithPipe();

export const phase = compute.phase;
export const usdPerHour = compute.usdPerHour;
