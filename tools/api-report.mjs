/**
 * Writes `etc/*.api.md`, the public surface of each entry of the package, or with `--check` fails if one of them differs from the
 * declarations in dist/. A reviewer reads every change of the surface as a diff.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const ENTRIES = {
  "pulumi-clickpipes": "dist/index.d.ts",
  "pulumi-clickpipes.emulator": "dist/emulator/index.d.ts",
  "pulumi-clickpipes.provider": "dist/provider/dynamic/handler.d.ts",
};

const isCheck = process.argv.includes("--check");
const folder = join(import.meta.dirname, "..");

mkdirSync(join(folder, "etc"), { recursive: true });
for (const [name, entry] of Object.entries(ENTRIES)) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, entry),
      compiler: { tsconfigFilePath: join(folder, "tsconfig.build.json") },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(folder, "etc"),
        reportTempFolder: join(folder, "node_modules", ".cache", "api-report"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: "warning" } },
        extractorMessageReporting: {
          default: { logLevel: "none", addToApiReportFile: true },
          // The state of every resource has the name of the provider constant.
          "ae-internal-missing-underscore": { logLevel: "none" },
        },
        tsdocMessageReporting: { default: { logLevel: "none", addToApiReportFile: true } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
  });
  const { succeeded, apiReportChanged } = Extractor.invoke(config, {
    localBuild: !isCheck,
    showVerboseMessages: false,
    messageCallback: (message) => (message.handled = message.logLevel === "none"),
  });
  if (apiReportChanged) {
    const next = isCheck ? "run `npm run api` and commit the difference" : "written";
    console.log(`etc/${name}.api.md differs from the declarations: ${next}`);
  }
  if (!succeeded) process.exitCode = 1;
}
