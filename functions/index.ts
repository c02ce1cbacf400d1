export type { FunctionOptions, FunctionOutputOptions } from "./arguments";
export {
  getCdcScaling,
  type GetCdcScalingArgs,
  getCdcScalingOutput,
  type GetCdcScalingOutputArgs,
  type GetCdcScalingResult,
} from "./get-cdc-scaling";
export {
  type DbClickPipe,
  getDbClickPipes,
  type GetDbClickPipesArgs,
  getDbClickPipesOutput,
  type GetDbClickPipesOutputArgs,
  type GetDbClickPipesResult,
} from "./get-db-click-pipes";
