import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CdcCompute } from "pulumi-clickpipes";
import * as clickhouse from "./clickhouse"; // a stand-in for the generated package: see the README

const config = new pulumi.Config();
const serviceId = config.require("serviceId");

/** What logical replication needs. The README has ClickHouse's pages. */
const parameters = new aws.rds.ParameterGroup("orders", {
  family: "postgres17",
  parameters: [
    // Static parameters: a change of them waits for a reboot. Each pipe, read replica or other subscriber takes a slot and a sender.
    { name: "rds.logical_replication", value: "1", applyMethod: "pending-reboot" },
    { name: "max_replication_slots", value: "20", applyMethod: "pending-reboot" },
    { name: "max_wal_senders", value: "35", applyMethod: "pending-reboot" },
    { name: "wal_sender_timeout", value: "300000" }, // ms
    { name: "max_slot_wal_keep_size", value: "204800" }, // MB, which the disk has to hold beside the data
  ],
});

/** In the default VPC. ClickPipes come over the internet, from addresses that ClickHouse publishes for each region. */
const access = new aws.ec2.SecurityGroup("orders", {
  description: "Postgres, for ClickPipes and who sets it up",
  ingress: [
    {
      protocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
      cidrBlocks: config.requireObject<string[]>("allowedAddresses"),
    },
  ],
});

const database = new aws.rds.Instance("orders", {
  engine: "postgres",
  engineVersion: "17",
  instanceClass: config.require("instanceClass"),
  allocatedStorage: config.requireNumber("storageGb"),
  storageType: "gp3",
  storageEncrypted: true,
  dbName: "orders",
  username: "postgres",
  manageMasterUserPassword: true, // AWS makes the password and keeps it in Secrets Manager
  parameterGroupName: parameters.name,
  vpcSecurityGroupIds: [access.id],
  publiclyAccessible: true,
  backupRetentionPeriod: 7, // days
  finalSnapshotIdentifier: `orders-${pulumi.getStack()}-final`, // what a destroy leaves
});

/** The pipe that copies the tables and then follows them. Its user and its publication are made in SQL: see the README. */
function createPipe(tables: readonly string[]): clickhouse.Clickpipe {
  return new clickhouse.Clickpipe("orders", {
    name: "orders",
    serviceId,
    source: {
      postgres: {
        type: "rdspostgres",
        host: database.address,
        port: database.port,
        database: database.dbName,
        credentials: { username: "clickpipes", password: config.requireSecret("readerPassword") },
        settings: {
          replicationMode: "cdc",
          publicationName: "clickpipes",
          initialLoadParallelism: 8, // 4 by default. More cores only help a load that runs in parallel, and it can't be changed later
        },
        tableMappings: tables.map((table) => {
          const [sourceSchemaName = "", sourceTable = ""] = table.split(".");
          return { sourceSchemaName, sourceTable, targetTable: `${sourceSchemaName}_${sourceTable}` };
        }),
      },
    },
    destination: { database: "default" },
  });
}

function createCompute(pipe: clickhouse.Clickpipe): CdcCompute {
  return new CdcCompute(
    "orders",
    {
      serviceId,
      cores: 2, // what replication needs once everything is loaded
      initialLoad: { cores: 24, endBy: config.require("endBy") },
      maxUsdPerHour: 2.4,
      // More than 4 TB: one of the reasons that ClickHouse names for another size than the default.
      suppressAdvice: ["rarelyNeeded"],
    },
    // The size exists once the service has a database ClickPipe, and the `up` that created it looks at its load.
    { dependsOn: [pipe] },
  );
}

const tables = config.requireObject<string[]>("tables");
const compute = tables.length === 0 ? undefined : createCompute(createPipe(tables));

export const databaseAddress = database.address;
export const masterSecretArn = database.masterUserSecrets.apply(([secret]) => secret?.secretArn);
export const phase = compute?.phase;
export const usdPerHour = compute?.usdPerHour;
