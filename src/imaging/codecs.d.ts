declare module "@cornerstonejs/codec-openjpeg/decode";
declare module "@cornerstonejs/codec-charls/decode";
declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decode";
declare module "@cornerstonejs/codec-openjpeg";
declare module "@cornerstonejs/codec-charls";
declare module "@cornerstonejs/codec-libjpeg-turbo-8bit";
declare module "jpeg-lossless-decoder-js" {
  /** JPEG Lossless, processes 14 and 14 SV1. */
  export class Decoder {
    decompress(buffer: ArrayBuffer, offset: number, length: number): ArrayBuffer;
  }
}
