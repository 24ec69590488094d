namespace Engine.PtxInterpreter;


/// <summary>The fundamental types of PTX registers and instructions.</summary>
internal enum PtxType
{
    None, Pred,
    B8, B16, B32, B64, B128,
    U8, U16, U32, U64,
    S8, S16, S32, S64,
    F16, F16X2, BF16, BF16X2, TF32, F32, F64,
}
