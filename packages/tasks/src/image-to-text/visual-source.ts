import type { DataFile, StyledPicture } from '@heddle/data'
import type { AttendedPictureExhibit } from '../exhibits/attended-picture.ts'
import type { SourceReader } from '../sequence-to-text/sequence-to-text.ts'

/** A picture of a source, with the rows and columns of regions that attention looks at. */
export type ShownSource = Pick<AttendedPictureExhibit, 'width' | 'height' | 'pixels' | 'rows' | 'columns'>

/** Pictures, or clips, as tensors and as files. */
export interface VisualSource extends SourceReader<StyledPicture, Float32Array> {
  /** Reads a source without a caption, in the size of training. */
  read(file: DataFile): Promise<StyledPicture>
  shown(source: StyledPicture): ShownSource
}
