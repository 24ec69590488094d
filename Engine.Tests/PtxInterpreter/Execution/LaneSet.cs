using System.Numerics;

namespace Engine.PtxInterpreter;


/// <summary>Lanes of a warp as a mask, to walk through from the lowest to the highest.</summary>
internal readonly struct LaneSet(uint mask)
{
    /// <summary>The lowest lane of a mask.</summary>
    public static int First(uint mask) => BitOperations.TrailingZeroCount(mask);

    /// <summary>Starts the walk.</summary>
    public Enumerator GetEnumerator() => new(mask);

    /// <summary>A walk through the lanes.</summary>
    public struct Enumerator(uint mask)
    {
        private uint _left = mask;

        /// <summary>The lane.</summary>
        public int Current { get; private set; }

        /// <summary>Goes on to the next lane.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            Current = First(_left);
            _left &= _left - 1;
            return true;
        }
    }
}
