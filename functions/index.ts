export type { FunctionOptions, FunctionOutputOptions } from "./arguments";
export {
  getCdcScaling,
  type GetCdcScalingArgs,
  getCdcScalingOutput,
  type GetCdcScalingOutputArgs,
} from "./get-cdc-scaling";
export {
  getDbClickPipes,
  type GetDbClickPipesArgs,
  getDbClickPipesOutput,
  type GetDbClickPipesOutputArgs,
} from "./get-db-click-pipes";
export type { DbClickPipe, GetCdcScalingResult, GetDbClickPipesResult } from "../provider/queries/results";
