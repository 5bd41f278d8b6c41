/** A file that the build puts into the script as a data: address. */
declare module '*?url&inline' {
  const address: string;
  export default address;
}
