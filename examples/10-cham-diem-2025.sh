#!/usr/bin/env bash
# Chấm điểm thi đua một cụm theo thang điểm trong tệp thang-diem-cdcs.csv: điểm từng nội dung, tổng điểm, thứ hạng, xếp loại,
# còn thiếu bao nhiêu để lên hạng; số chưa có, số “hơn” được đánh dấu. Số liệu đặt thử.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/cham-diem-2025.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Ví Dụ"
cum="Cụm thi đua số 1"
thang="$(dirname "$0")/thang-diem-cdcs.csv"

ucli init --office "$tinh"
# Nội dung không có số liệu nào nói thay thì là chỉ tiêu thống kê của riêng cơ quan
ucli batch --atomic <<HET
add-indicator cham-to-chuc        --name "Điểm công tác tổ chức, kiểm tra" --measure điểm
add-indicator dang-cai            --name "Hoạt động của cụm do đơn vị đăng cai" --measure "hoạt động"
add-indicator giai-cao            --name "Giải cao cấp tỉnh trở lên" --measure giải
add-indicator gia-dinh-bieu-duong --name "Gia đình đoàn viên được biểu dương" --measure "gia đình"
add-unit "LĐLĐ huyện An"   --kind district --parent "$tinh" --code AN
add-unit "LĐLĐ huyện Bình" --kind district --parent "$tinh" --code BINH
add-unit "LĐLĐ huyện Cửu"  --kind district --parent "$tinh" --code CUU
add-unit "LĐLĐ huyện Dinh" --kind district --parent "$tinh" --code DINH
set-cluster "$cum" --year 2025 --units AN,BINH,CUU,DINH
HET

cham() { # đơn vị, kết nạp, thỏa ước, tập huấn, sáng kiến, điểm tổ chức, tai nạn, ngừng việc
  echo "set-target members-admitted 200           --unit $1 --period 2025"
  echo "set-target legal-training-attendances 900 --unit $1 --period 2025"
  echo "set-target initiatives 60                 --unit $1 --period 2025"
  echo "add-figure members-admitted '$2'           --unit $1 --period 2025"
  echo "add-figure agreement-coverage $3           --unit $1 --period 2025"
  [ "$4" = - ] || echo "add-figure legal-training-attendances $4 --unit $1 --period 2025"
  echo "add-figure initiatives $5                  --unit $1 --period 2025"
  echo "add-figure cham-to-chuc $6                 --unit $1 --period 2025"
  echo "add-figure fatal-accidents $7              --unit $1 --period 2025"
  echo "add-figure work-stoppages $8               --unit $1 --period 2025"
}
{
  cham AN   250       45/50 900 60 24 0 0
  cham BINH "hơn 190" 40/50 900 48 25 0 0
  cham CUU  200       50/50 -   60 23 1 0
  cham DINH 240       48/50 990 66 24 0 1
  echo "add-figure dang-cai 1            --unit BINH --period 2025"
  echo "add-figure gia-dinh-bieu-duong 3 --unit AN   --period 2025"
} | ucli batch --atomic 2> /dev/null

echo "== Chấm điểm cụm, và giữ thang điểm cùng sổ =="
ucli score "$thang" --cluster "$cum" --period 2025 --keep
echo "== Lần sau không cần nêu tệp: kết quả cho bảng tính =="
ucli score --cluster "$cum" --period 2025 --format csv
echo "== Theo một nội dung; không đơn vị nào có chỉ tiêu thì theo số thực hiện =="
ucli rank --cluster "$cum" --period 2025 --indicator cham-to-chuc
