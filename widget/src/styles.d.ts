// The build hands loader.css over as minified text.
declare module '*/loader.css' {
  const text: string;
  export default text;
}
