/** The uploader is loaded with the first picture. */
export async function uploadPicture(file: File, onShare: (share: number) => void): Promise<string> {
  return (await import('../../api/upload')).uploadFile(file, { onShare });
}
