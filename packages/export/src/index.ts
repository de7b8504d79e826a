export { exportOnnx, type OnnxGraph } from './onnx/export-onnx.ts'
export {
  type ExportPyTorchOptions,
  exportPyTorch,
  type PyTorchFiles,
} from './pytorch/export-pytorch.ts'
export { importPyTorch } from './pytorch/import-pytorch.ts'
export { type TrainingFilesOptions, trainingFiles } from './pytorch/training-files.ts'
